#include "parallel.h"

typedef struct {
  const uint8_t *input;
  const float *mean, *deviation;
  float *output;
  int64_t pixels, channels;
} pixel_call;

FOVEA_KERNEL(normalize_pictures, (const pixel_call *call, int64_t begin, int64_t end),
             (call, begin, end)) {
  int64_t channels = call->channels, pixels = call->pixels;
  for (int64_t b = begin; b < end; b++) {
    const uint8_t *input = call->input + b * pixels * channels;
    for (int64_t c = 0; c < channels; c++) {
      float *output = call->output + (b * channels + c) * pixels;
      float scale = 1.0f / (255.0f * call->deviation[c]),
            shift = -call->mean[c] / call->deviation[c];
      if (channels == 3) {
        for (int64_t i = 0; i < pixels; i++) output[i] = (float)input[i * 3 + c] * scale + shift;
      } else if (channels == 1) {
        for (int64_t i = 0; i < pixels; i++) output[i] = (float)input[i] * scale + shift;
      } else {
        for (int64_t i = 0; i < pixels; i++)
          output[i] = (float)input[i * channels + c] * scale + shift;
      }
    }
  }
}

static void normalize_range(void *context, int64_t begin, int64_t end) {
  normalize_pictures(context, begin, end);
}

void fovea_normalize_pixels(const uint8_t *input, const float *mean, const float *deviation,
                            float *output, int64_t batch, int64_t pixels, int64_t channels) {
  pixel_call call = {input, mean, deviation, output, pixels, channels};
  fovea_parallel_ranges(batch, FOVEA_GRAIN / (pixels * channels + 1) + 1, normalize_range, &call);
}
