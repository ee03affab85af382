// One pass over a parameter, its gradient and its state.

#include <math.h>

#include "mathematics.h"

typedef struct {
  float *parameter, *first, *second;
  const float *gradient;
  float rate, factor, first_correction, second_correction;
  fovea_adam_settings adam;
  fovea_sgd_settings sgd;
  bool first_step;
} update_call;

FOVEA_KERNEL(adam_range, (const update_call *call, int64_t begin, int64_t end),
             (call, begin, end)) {
  float *restrict p = call->parameter, *restrict m = call->first, *restrict v = call->second;
  const float *restrict gradient = call->gradient;
  float b1 = call->adam.beta1, b2 = call->adam.beta2, epsilon = call->adam.epsilon;
  float coupled = call->adam.decoupled ? 0 : call->adam.weight_decay;
  float shrink = call->adam.decoupled ? 1 - call->rate * call->adam.weight_decay : 1;
  float step = call->rate / call->first_correction, root = 1 / sqrtf(call->second_correction),
        factor = call->factor;
  for (int64_t i = begin; i < end; i++) {
    float g = gradient[i] * factor + coupled * p[i];
    m[i] = b1 * m[i] + (1 - b1) * g;
    v[i] = b2 * v[i] + (1 - b2) * g * g;
    p[i] = shrink * p[i] - step * m[i] / (__builtin_elementwise_sqrt(v[i]) * root + epsilon);
  }
}

static void run_adam(void *context, int64_t begin, int64_t end) { adam_range(context, begin, end); }

void fovea_adam(float *parameter, const float *gradient, float *first_moment, float *second_moment,
                const float *learning_rate, const float *step, const float *gradient_factor,
                int64_t count, fovea_adam_settings settings) {
  update_call call = {.parameter = parameter,
                      .first = first_moment,
                      .second = second_moment,
                      .gradient = gradient,
                      .adam = settings};
  call.rate = *learning_rate;
  call.factor = gradient_factor ? *gradient_factor : 1;
  call.first_correction = (float)(1 - pow(settings.beta1, *step));
  call.second_correction = (float)(1 - pow(settings.beta2, *step));
  fovea_parallel_ranges(count, FOVEA_GRAIN, run_adam, &call);
}

FOVEA_KERNEL(sgd_range, (const update_call *call, int64_t begin, int64_t end), (call, begin, end)) {
  float *restrict p = call->parameter, *restrict velocity = call->first;
  const float *restrict gradient = call->gradient;
  float momentum = call->first_step ? 0 : call->sgd.momentum, lead = call->sgd.momentum;
  float decay = call->sgd.weight_decay, rate = call->rate, factor = call->factor;
  if (velocity == NULL) {
    for (int64_t i = begin; i < end; i++) p[i] -= rate * (gradient[i] * factor + decay * p[i]);
  } else if (call->sgd.nesterov) {
    for (int64_t i = begin; i < end; i++) {
      float g = gradient[i] * factor + decay * p[i];
      velocity[i] = momentum * velocity[i] + g;
      p[i] -= rate * (g + lead * velocity[i]);
    }
  } else {
    for (int64_t i = begin; i < end; i++) {
      velocity[i] = momentum * velocity[i] + gradient[i] * factor + decay * p[i];
      p[i] -= rate * velocity[i];
    }
  }
}

static void run_sgd(void *context, int64_t begin, int64_t end) { sgd_range(context, begin, end); }

void fovea_sgd(float *parameter, const float *gradient, float *velocity, const float *learning_rate,
               const float *step, const float *gradient_factor, int64_t count,
               fovea_sgd_settings settings) {
  update_call call = {
      .parameter = parameter, .first = velocity, .gradient = gradient, .sgd = settings};
  call.rate = *learning_rate;
  call.factor = gradient_factor ? *gradient_factor : 1;
  call.first_step = *step <= 1;
  fovea_parallel_ranges(count, FOVEA_GRAIN, run_sgd, &call);
}

void fovea_moving_average(float *state, const float *value, int64_t count, float momentum,
                          float factor) {
  for (int64_t i = 0; i < count; i++)
    state[i] = momentum * state[i] + (1 - momentum) * factor * value[i];
}
