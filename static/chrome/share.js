// "Copy link": the address, which holds what is shown.

import { $ } from "../base/dom.js";
import { counted } from "../base/format.js";
import { LONGEST_TEXT } from "../state/fields.js";
import { LONGEST_PACKED } from "../state/packed.js";
import { countPoints } from "../text/edits.js";
import { toast } from "./notices.js";

/**
 * @param {import("../state/store.js").Store<import("../state/state.js").State>} store
 * @param {() => Promise<boolean>} writeAddress whether the address holds the text
 */
export function share(store, writeAddress) {
  $("share").addEventListener("click", async () => {
    const whole = await writeAddress();
    const { text } = store.get();
    const most = countPoints(text) > LONGEST_PACKED ? LONGEST_PACKED : LONGEST_TEXT;
    const holds = whole
      ? `It opens this view with its ${counted(countPoints(text))} characters of text.`
      : `It opens this view without the text: a link holds up to ${counted(most)} characters.`;
    try {
      await navigator.clipboard.writeText(location.href);
      toast(`Link copied. ${holds}`);
    } catch {
      toast(`The address bar holds the link. ${holds}`);
    }
  });
}
