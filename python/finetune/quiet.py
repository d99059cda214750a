"""Importing this first keeps the libraries off the network and lets no messages or bars but ours
through: some read the environment when they are imported themselves."""

import os
import warnings

os.environ |= {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TQDM_DISABLE": "1"}
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # Idle threads must not burn busy cores.
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def silence_libraries():
    """What they offer no variable for. Imports them, which takes seconds."""
    import datasets
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    datasets.disable_progress_bars()
    warnings.filterwarnings("ignore", category=FutureWarning)  # TRL's use of transformers.
    warnings.filterwarnings("ignore", message="Could not find a config file")
    warnings.filterwarnings("ignore", message="Unable to fetch remote file")
