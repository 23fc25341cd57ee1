"""VT100 to VT420 and xterm: two engines behind one contract, and the choice between them."""
