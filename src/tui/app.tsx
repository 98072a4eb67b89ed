import { Text, useApp, useInput, useWindowSize } from 'ink'
import { memo, type ReactNode, useEffect, useSyncExternalStore } from 'react'
import type { Inspector } from './inspector.ts'
import { keyNames } from './key.ts'
import type { Theme } from './theme.ts'

export interface AppProps {
  readonly inspector: Inspector
  readonly theme: Theme
  /** Calls back some thirty times a second until the returned function is called. */
  readonly every: (tick: () => void) => () => void
  /** What the first screen waits for: building the lab. */
  readonly start: () => Promise<void>
}

/** The screen of an inspector in a terminal: keys go in, lines come out. Everything else is in the inspector. */
export function App({ inspector, theme, every, start }: AppProps): ReactNode {
  const { columns, rows } = useWindowSize()
  const { exit } = useApp()
  const subscribe = (listener: () => void): (() => void) => inspector.subscribe(listener)
  useSyncExternalStore(subscribe, () => inspector.version)
  const guard = (work: Promise<void>): void => {
    work.catch((thrown: unknown) => exit(thrown instanceof Error ? thrown : new Error(String(thrown))))
  }
  useInput((input, key) => {
    for (const name of keyNames(input, key)) guard(inspector.press(name))
  })
  useEffect(() => {
    guard(start())
    return every(() => guard(inspector.tick()))
  }, [])
  inspector.fit(columns, rows)
  return inspector.frame().map((line, index) => <Row key={index} text={theme.paint(line)} />)
}

/** Drawn again only when its text is another one. */
const Row = memo(function Row({ text }: { readonly text: string }) {
  return <Text wrap="truncate-end">{text}</Text>
})
