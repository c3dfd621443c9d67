"""The networks: LSTM, Stacked LSTM and Nested LSTM as one RNN, their checkpoints and traces."""

from models.card import CheckpointError as CheckpointError
from models.checkpoint import load_checkpoint as load_checkpoint
from models.checkpoint import save_checkpoint as save_checkpoint
from models.glimpses import GlimpseTrace as GlimpseTrace
from models.module_trace import ModuleTrace as ModuleTrace
from models.module_trace import trace_module as trace_module
from models.networks import CharacterModel as CharacterModel
from models.networks import GlimpseClassifier as GlimpseClassifier
from models.reading.intervention import InterventionError as InterventionError
from models.rnn import RNN as RNN
from models.trace import Trace as Trace
from models.vocabulary import Vocabulary as Vocabulary
