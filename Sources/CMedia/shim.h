// FFmpeg's libraries (pictures) and zlib (compressed idx files), as Swift sees them.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavutil/avutil.h>
#include <libswscale/swscale.h>
#include <zlib.h>
