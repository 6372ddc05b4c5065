/** Making elements. All text goes in as text, never as HTML. */

let lastId = 0;

/** Return an id no other element of the page has. */
export const freshId = (prefix = "id") => `${prefix}-${++lastId}`;

/**
 * Make an element.
 * @param {string} tag
 * @param {Object<string, any>} [props] `class`, `text`, `on…` listeners, DOM properties and attributes; null and false
 *   are left out.
 * @param {...(Node|string|null|undefined|false|Array)} children
 * @returns {HTMLElement}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) setProp(node, key, value);
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "inert", "tabIndex", "textContent", "readOnly"]);

function setProp(node, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key === "text") node.textContent = value;
  else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
  else if (PROPERTIES.has(key)) node[key] = value;
  else node.setAttribute(key === "class" ? "class" : key, value === true ? "" : value);
}

/** Everything inside `root` that the Tab key reaches, in order. */
export function focusable(root) {
  const query = "a[href], button, input, textarea, select, [tabindex], [contenteditable='true']";
  return [...root.querySelectorAll(query)].filter(
    (node) =>
      !node.disabled && node.tabIndex >= 0 && !node.closest("[hidden], [inert]") && node.getClientRects().length,
  );
}

/**
 * Draw something anew; what a person is at in `old` goes on in what `draw` returns: the focus, and open menus, whose
 * buttons hear "redrawn" with their twin, if there is one. Twins have the same `data-focus`, or else the same
 * `data-action`: Slack gives a block without an id another one at every change of its message.
 * @param {HTMLElement} old
 * @param {() => HTMLElement} draw puts the new drawing in its place
 */
export function redraw(old, draw) {
  const at = document.activeElement;
  const focused = old.contains(at) && at.closest("[data-focus]");
  const open = old.querySelectorAll('[aria-expanded="true"][data-focus]');
  const fresh = draw();
  const named = (name, value) => value && fresh.querySelector(`[data-${name}="${CSS.escape(value)}"]`);
  const twin = ({ dataset }) => named("focus", dataset.focus) ?? named("action", dataset.action) ?? null;
  if (focused) twin(focused)?.focus();
  for (const button of open) button.dispatchEvent(new CustomEvent("redrawn", { detail: { twin: twin(button) } }));
}

/**
 * Bring the children of `parent` in line with `items`, keeping the nodes of items that did not change, so that focus,
 * open menus and half-typed text survive a refresh.
 * @param {HTMLElement} parent
 * @param {{key: string, data: any, make: () => HTMLElement}[]} items
 */
export function reconcile(parent, items) {
  const kept = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const wanted = items.map(({ key, data, make }) => {
    const print = JSON.stringify(data);
    const old = kept.get(key);
    if (old?.dataset.print === print) return old;
    const node = make();
    node.dataset.key = key;
    node.dataset.print = print;
    if (old)
      redraw(old, () => {
        old.replaceWith(node);
        return node;
      });
    return node;
  });
  const keep = new Set(wanted);
  for (const node of [...parent.children]) if (!keep.has(node)) node.remove();
  wanted.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
}
