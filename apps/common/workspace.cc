#include "apps/common/workspace.h"
