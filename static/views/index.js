// The views of the page, in the order of their tabs. The first is the one the page opens with.

import { cell } from "./cell/view.js";
import { figure } from "./figure/view.js";
import { find } from "./find/view.js";
import { forgetting } from "./forgetting/view.js";
import { map } from "./map/view.js";
import { pair } from "./pair/view.js";
import { predictions } from "./predictions/view.js";
import { why } from "./why/view.js";

/** @type {readonly [import("./view.js").View, ...import("./view.js").View[]]} */
export const VIEWS = [figure, find, map, cell, predictions, why, forgetting, pair];
