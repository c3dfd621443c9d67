// Which blocks are in sight: those are painted first, and their readings kept up.

/** Blocks so near are as good as in sight. */
const NEAR = "400px 0px";

/**
 * @param {WeakMap<Element, import("./block.js").Block>} blockOf by their elements
 * @param {(block: import("./block.js").Block, isNew: boolean) => void} came is in sight, or has just come there
 * @param {() => void} looked something came or went
 */
export const sight = (blockOf, came, looked) =>
  new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const block = blockOf.get(target);
        if (!block) continue;
        const isNew = !block.visible;
        block.visible = isIntersecting;
        if (isIntersecting) came(block, isNew);
      }
      looked();
    },
    { rootMargin: NEAR },
  );
