// Returns the raw translation keys and the cut texts of what an element shows, through its shadow trees.
(root) => {
  const RAW = /\b(?:component|ui|state|panel)(?:\.[a-z0-9_]+){2,}\b|^[a-z]+(?:_[a-z]+)+\*?$|(?:^|\s)\{[a-z_]+\}|\[object Object\]|\bundefined\b/;
  // What somebody has written, in an editor or as code, is no translation, and an editor scrolls.
  const IGNORED = ["script", "style", "svg", "code", "ha-code-editor"];
  // In CSS pixels; letters reach out of their line by about that much.
  const TOLERANCE = 2;
  const EVERYWHERE = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
  const found = new Map();

  const parts = (node) => {
    if (node.shadowRoot) return node.shadowRoot.childNodes;
    const assigned = node.localName === "slot" ? node.assignedNodes() : [];
    return assigned.length ? assigned : node.childNodes;
  };
  const note = (kind, node, text) => {
    const where = `${node.getRootNode().host?.localName ?? "document"} > ${node.localName}`;
    found.set(`${kind} ${text} ${where}`, { kind, text, where });
  };
  const empty = (box) => box.right - box.left <= 1 || box.bottom - box.top <= 1;
  const meet = (one, other) => ({
    left: Math.max(one.left, other.left), top: Math.max(one.top, other.top),
    right: Math.min(one.right, other.right), bottom: Math.min(one.bottom, other.bottom),
  });

  // What remains visible within a box: all of it where one can scroll, or where nothing is cut.
  function within(node, frame) {
    const { overflowX, overflowY, position } = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    const inner = position === "fixed" ? { ...EVERYWHERE } : { ...frame };
    const limit = (overflow, low, high) => {
      if (overflow === "auto" || overflow === "scroll") [inner[low], inner[high]] = [-Infinity, Infinity];
      if (overflow === "hidden" || overflow === "clip")
        [inner[low], inner[high]] = [Math.max(inner[low], box[low]), Math.min(inner[high], box[high])];
    };
    limit(overflowX, "left", "right");
    limit(overflowY, "top", "bottom");
    return inner;
  }

  function shortened(node) {
    const style = getComputedStyle(node);
    if (style.overflowX === "visible") return false;
    if (style.textOverflow === "ellipsis" && node.scrollWidth > node.clientWidth + 1) return true;
    return style.webkitLineClamp !== "none" && node.scrollHeight > node.clientHeight + TOLERANCE;
  }

  function read(node, parent, frame, short) {
    const text = node.textContent.trim();
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const seen = meet(box, frame);
    if (!text || empty(box) || empty(seen)) return;
    if (RAW.test(text)) note("raw key", parent, text);
    const lost = Math.max(box.right - seen.right, seen.left - box.left, box.bottom - seen.bottom, seen.top - box.top);
    if (lost > TOLERANCE || short) note("cut text", parent, text);
  }

  function walk(node, parent, frame, short) {
    if (node.nodeType === Node.TEXT_NODE) read(node, parent, frame, short);
    if (node.nodeType !== Node.ELEMENT_NODE || IGNORED.includes(node.localName)) return;
    // A box that only passes its contents on has no visibility of its own.
    const boxless = getComputedStyle(node).display === "contents";
    if (!boxless && !node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return;
    const inner = boxless ? frame : within(node, frame);
    const shorter = short || shortened(node);
    for (const part of parts(node)) walk(part, node, inner, shorter);
  }

  walk(root, root, EVERYWHERE, false);
  return [...found.values()];
}
