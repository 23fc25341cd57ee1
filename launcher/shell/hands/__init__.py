"""An officer's hands, for the headless demo and for journeys: real keys into the real fields of real screens."""

from launcher.shell.hands.hands import Hands as Hands
