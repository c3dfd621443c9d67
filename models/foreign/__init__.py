"""Networks trained elsewhere: read from their files, recognised, and turned into ours.

source = read_source("model.pt")         a file, read in a process of its own
network = recognise(source) the role of each tensor
model = network.model(vocabulary)        a CharacterModel, to trace or to save
"""

from models.foreign.assignment import Choice as Choice
from models.foreign.network import ForeignNetwork as ForeignNetwork
from models.foreign.process import read_source as read_source
from models.foreign.roles import recognise as recognise
from models.foreign.source import ForeignError as ForeignError
from models.foreign.source import Source as Source
