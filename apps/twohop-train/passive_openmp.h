// How OpenMP's threads wait.

#pragma once

namespace twohop::app {

// Makes waiting threads of OpenMP (libtorch's) sleep: where other programs run beside the trainer,
// spinning takes many times the work's time. OpenMP reads its environment before main(), so this
// starts the program again with OMP_WAIT_POLICY set, unless it is set.
void UsePassiveOpenMp(char** argv);

}  // namespace twohop::app
