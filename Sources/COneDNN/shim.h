// oneDNN's C interface, as Swift sees it.
#pragma once

#include <oneapi/dnnl/dnnl.h>

#if DNNL_VERSION_MAJOR != 2
#error "Fovea needs oneDNN 2.x (libdnnl-dev of Debian 12 or Ubuntu 22.04), and this machine has another major version."
#endif
