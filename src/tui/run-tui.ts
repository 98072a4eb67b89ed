import { render } from 'ink'
import { createElement } from 'react'
import { App } from './app.tsx'
import type { Inspector } from './inspector.ts'
import type { Theme } from './theme.ts'

export interface RunTuiOptions {
  readonly inspector: Inspector
  readonly theme: Theme
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly every: (tick: () => void) => () => void
  readonly start: () => Promise<void>
  /** Takes what ends the program when it is asked to leave. */
  readonly onReady: (leave: () => void) => void
}

/** Most frames a second. */
const FRAMES_PER_SECOND = 30

/**
 * Draws an inspector on the alternate screen of a terminal until it is left. The terminal is as before then, also after an
 * error, which the returned promise is rejected with.
 */
export async function runTui({ stdin, stdout, onReady, ...app }: RunTuiOptions): Promise<void> {
  const instance = render(createElement(App, app), {
    stdin,
    stdout,
    alternateScreen: true,
    incrementalRendering: true,
    maxFps: FRAMES_PER_SECOND,
    exitOnCtrlC: false,
    interactive: true,
  })
  onReady(() => instance.unmount())
  await instance.waitUntilExit()
}
