import { fitText } from './display-width.ts'
import { GROUPS, KEYMAP } from './keymap.ts'
import { EMPTY_LINE, type Line, line, span } from './line.ts'
import type { View } from './view.ts'

const KEY_WIDTH = 18

/** The help: every key, every view, every command of `:`. */
export function helpLines(
  views: readonly (Pick<View, 'name' | 'aliases' | 'description'> & { readonly digit?: string })[],
  commands: readonly { readonly usage: string; readonly help: string }[],
): readonly Line[] {
  const keys = GROUPS.flatMap(group => [
    line(span(group, 'title')),
    ...KEYMAP.filter(binding => binding.group === group).map(({ keys, help }) =>
      line(span(fitText(`  ${keyList(keys)}`, KEY_WIDTH), 'key'), '  ', help),
    ),
    EMPTY_LINE,
  ])
  const named = views.map(({ name, aliases, description, digit = '' }) =>
    line(span(fitText(`  ${digit.padStart(1)} :${[name, ...aliases].join(', :')}`, 30), 'key'), '  ', description),
  )
  return [
    ...keys,
    line(span('Views', 'title')),
    ...named,
    EMPTY_LINE,
    line(span('Commands', 'title')),
    ...commands.map(({ usage, help }) => line(span(fitText(`  :${usage}`, 30), 'key'), '  ', help)),
  ]
}

function keyList(keys: readonly string[]): string {
  if (keys.length > 3) return `${keys[0]}..${keys.at(-1)}`
  return keys.map(key => SHORT[key] ?? key).join(' ')
}

const SHORT: Readonly<Record<string, string>> = {
  escape: 'Esc',
  enter: 'Enter',
  tab: 'Tab',
  space: 'Space',
  pagedown: 'PgDn',
  pageup: 'PgUp',
}
