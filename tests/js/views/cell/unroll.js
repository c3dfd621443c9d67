// The states of a cell along a whole text, from its gates alone.

import * as gru from "../../../../static/views/cell/gru.js";
import * as lstm from "../../../../static/views/cell/unit.js";

const unrolled = (kind, perLevel) => (gates, layers, depth, change) => {
  const unit = kind.blank(gates.length / (layers * depth * perLevel), layers, depth, change);
  kind.fill(unit, 0, gates, { h: [], c: [] });
  return unit;
};

/** Of gates (T, L, D, 4, 1). */
export const unrollLstm = unrolled(lstm, 4);
/** Of gates (T, L, 1, 3, 1). */
export const unrollGru = unrolled(gru, 3);
