"""What systems there are, who may open them, and how they are found."""

from launcher.catalogue.catalogue import Catalogue, Judge, load, visible
from launcher.catalogue.entry import Entry, Spec
from launcher.catalogue.search import Hit, Index

__all__ = ["Catalogue", "Entry", "Hit", "Index", "Judge", "Spec", "load", "visible"]
