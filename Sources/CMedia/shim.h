// FFmpeg's libraries (pictures, videos, sounds) and zlib (compressed idx files), as Swift sees them.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/murmur3.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/sha.h>
#include <libavutil/tx.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
#include <zlib.h>

// Macros that Swift cannot import.
static const int fovea_error_unsupported = AVERROR_PATCHWELCOME;
static const int fovea_error_end = AVERROR_EOF;
static const int fovea_error_again = AVERROR(EAGAIN);
static const int64_t fovea_no_time = AV_NOPTS_VALUE;
