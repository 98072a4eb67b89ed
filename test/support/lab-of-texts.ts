import { type OpenedLab, openLab } from '../../src/shell/open-lab.ts'

/** Builds a lab from files that exist only here, by name; `lab.clab.yml` is the topology. It has not settled yet. */
export async function labOfTexts(texts: Readonly<Record<string, string>>, seed = 1): Promise<OpenedLab> {
  const folder = '/lab/'
  const textOf = (path: string): string | undefined =>
    path.startsWith(folder) ? texts[path.slice(folder.length)] : undefined
  const opened = await openLab({
    path: `${folder}lab.clab.yml`,
    seed,
    files: {
      readText: textOf,
      kindOf: path => (textOf(path) === undefined ? undefined : 'file'),
      list: () => [],
    },
  })
  if (opened.setup.exitCode !== 0) throw new Error(opened.setup.stderr)
  return opened
}
