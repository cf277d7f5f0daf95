type Child = Node | string | undefined | false;

/** An element; texts become text nodes, so nothing of the data is ever read as HTML. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...kept(children));
  return element;
}

export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...kept(children));
}

const kept = (children: Child[]) => children.filter((child) => child !== undefined && child !== false);
