const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For text and attribute values of SVG and HTML. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, letter => ENTITIES[letter]!)
}
