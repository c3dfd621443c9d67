"""The paper's equations (1)-(15) in numpy float64, written from the paper and not from `models`.

Row-vector convention, x W. One function per architecture, one line per equation.
"""

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class Gates:
    """W_xi W_xf W_xc W_xo, W_hi W_hf W_hc W_ho and the biases of one LSTM."""

    def __init__(self, weight_ih, weight_hh, bias):
        self.xi, self.xf, self.xc, self.xo = (w.T for w in np.split(weight_ih, 4))
        self.hi, self.hf, self.hc, self.ho = (w.T for w in np.split(weight_hh, 4))
        self.bi, self.bf, self.bc, self.bo = np.split(bias, 4)


def lstm(x, h, c, W):
    """Equations (1)-(6): h_t, c_t."""
    i = sigmoid(x @ W.xi + h @ W.hi + W.bi)
    f = sigmoid(x @ W.xf + h @ W.hf + W.bf)
    c = f * c + i * np.tanh(x @ W.xc + h @ W.hc + W.bc)
    o = sigmoid(x @ W.xo + h @ W.ho + W.bo)
    return o * np.tanh(c), c


def nested(x, h, c, inner, W, W_):
    """Equations (7)-(15), then (5) and (6): h_t, c_t, c~_t. `inner` is c~_{t-1}."""
    i = sigmoid(x @ W.xi + h @ W.hi + W.bi)
    f = sigmoid(x @ W.xf + h @ W.hf + W.bf)
    h_ = f * c
    x_ = i * (x @ W.xc + h @ W.hc + W.bc)  # sigma_c is the identity (section 4)
    i_ = sigmoid(x_ @ W_.xi + h_ @ W_.hi + W_.bi)
    f_ = sigmoid(x_ @ W_.xf + h_ @ W_.hf + W_.bf)
    inner = f_ * inner + i_ * np.tanh(x_ @ W_.xc + h_ @ W_.hc + W_.bc)
    o_ = sigmoid(x_ @ W_.xo + h_ @ W_.ho + W_.bo)
    c = o_ * np.tanh(inner)
    o = sigmoid(x @ W.xo + h @ W.ho + W.bo)
    return o * np.tanh(c), c, inner


def nested_twice(x, h, c, inner, innermost, W, W_, W__):
    """The memory function m of equation (7) being an NLSTM itself: h_t and three cells."""
    i = sigmoid(x @ W.xi + h @ W.hi + W.bi)
    f = sigmoid(x @ W.xf + h @ W.hf + W.bf)
    h_ = f * c
    x_ = i * (x @ W.xc + h @ W.hc + W.bc)
    c, inner, innermost = nested(x_, h_, inner, innermost, W_, W__)
    o = sigmoid(x @ W.xo + h @ W.ho + W.bo)
    return o * np.tanh(c), c, inner, innermost
