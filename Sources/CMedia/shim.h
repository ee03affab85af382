// FFmpeg's libraries (pictures) and zlib (compressed idx files), as Swift sees them.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavutil/avutil.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <libavutil/sha.h>
#include <libswscale/swscale.h>
#include <zlib.h>

// Macros that Swift cannot import.
static const int fovea_error_unsupported = AVERROR_PATCHWELCOME;
