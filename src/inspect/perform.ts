import { resolvePath } from '../config/path.ts'
import { findPods } from '../lab/actions.ts'
import { faultSchema } from '../scenario/fault-schema.ts'
import type { ScenarioStep } from '../scenario/parse-scenario.ts'
import { fail, findFaultMistake, restore } from '../scenario/steps/fault.ts'
import { plainWords } from '../shell/plain-words.ts'
import { quoteWord } from '../text/tokenize.ts'
import type { Act, DatedAct, Fault } from './act.ts'
import type { StartedCommand, World } from './world.ts'

type FaultAct = Extract<Act, { kind: 'fail' | 'restore' }>
type CommandAct = Extract<Act, { kind: 'command' }>

/** Why the act cannot be done to this world now; undefined when it can. */
export function refusal(world: World, act: Act): string | undefined {
  if (act.kind === 'drop-steps') return world.step === undefined ? 'no step of a scenario is to come' : undefined
  if (!world.isBuilt) return 'the lab is still being built: act when that is done'
  const step = world.step === undefined ? undefined : world.source.scenario?.steps[world.step.index]
  if (step !== undefined && step.kind !== 'wait' && step.kind !== 'settle')
    return `step ${world.step!.index + 1} of the scenario (${step.kind}) is under way: act when it has ended`
  switch (act.kind) {
    case 'fail':
    case 'restore':
      return faultRefusal(world, act)
    case 'command':
      return act.node === undefined || world.lab.node(act.node) !== undefined
        ? undefined
        : `there is no node "${act.node}"`
    case 'stop':
      return runningCommand(world, act.command) === undefined ? 'this command has ended' : undefined
    case 'apply':
      return world.lab.cluster === undefined ? 'there is no cluster' : undefined
  }
}

function faultRefusal({ lab }: World, act: FaultAct): string | undefined {
  const parsed = faultSchema.safeParse(act.fault)
  if (!parsed.success) return parsed.error.issues.map(issue => issue.message).join('; ')
  const mistake = findFaultMistake(lab, stepOf(act))
  if (mistake !== undefined) return mistake.message
  const { pod } = act.fault
  return act.kind === 'fail' && pod !== undefined && findPods(lab, pod).length === 0
    ? `there is no pod "${pod}"`
    : undefined
}

/** Does an act that was not refused. Returns what is to be said about it. */
export async function perform(world: World, { act, number, text, atNs }: DatedAct): Promise<readonly string[]> {
  const notes: string[] = []
  world.begun += 1
  if (act.kind === 'drop-steps') world.isWithoutSteps = true
  else if (act.kind === 'stop') runningCommand(world, act.command)?.background.task.interrupt()
  else if (act.kind === 'fail' || act.kind === 'restore') {
    const scene = {
      lab: world.lab,
      tell: (event: { readonly kind: string; readonly text?: string }) => notes.push(event.text ?? ''),
      mistake: ({ message }: { readonly message: string }) => notes.push(message),
    }
    await (act.kind === 'fail' ? fail : restore)(scene, stepOf(act))
  } else {
    const background = world.terminal.start(
      commandText(act, path => path),
      { cwd: world.source.cwd },
    )
    const node = act.kind === 'command' ? act.node : undefined
    const shown = act.kind === 'command' ? act.text : text
    const command: StartedCommand = { number, text: shown, node, startedAtNs: atNs, background, endedAfter: undefined }
    const end = (): void => {
      command.endedAfter = world.begun
    }
    if (background.task.isDone) end()
    else background.task.done.wait(end)
    world.commands.push(command)
  }
  world.observer.look()
  return notes
}

/**
 * The text that is typed on the machine for an act.
 * @param rename how a file is called where the text is typed
 */
export function commandText(
  act: Extract<Act, { kind: 'command' | 'apply' }>,
  rename: (path: string) => string,
): string {
  if (act.kind === 'command') return onNode(act)
  if ('file' in act) return `kubectl apply -f ${quoteWord(rename(act.file))}`
  // a line of the manifest may read as any word
  let end = 'EOF'
  while (act.text.split('\n').includes(end)) end += '_'
  return `kubectl apply -f - <<'${end}'\n${act.text}${act.text.endsWith('\n') ? '' : '\n'}${end}`
}

/** Text typed in a container goes there by `docker exec`. */
function onNode({ node, text }: CommandAct): string {
  if (node === undefined || node === 'machine') return text
  const words = plainWords(text)
  return words === undefined
    ? `docker exec ${quoteWord(node)} sh -c ${quoteWord(text)}`
    : `docker exec ${quoteWord(node)} ${words.map(quoteWord).join(' ')}`
}

/** The act as it is kept: with docker's name of the node, and absolute paths. */
export function normalize(world: World, act: Act): Act {
  if (act.kind === 'apply' && 'file' in act) return { kind: 'apply', file: resolvePath(world.source.cwd, act.file) }
  if (act.kind !== 'command' || act.node === undefined) return act
  return { ...act, node: world.lab.node(act.node)?.containerName ?? act.node }
}

/** One line for lists. */
export function describeAct(act: Act): string {
  switch (act.kind) {
    case 'fail':
    case 'restore':
      return faultText(act.kind === 'fail' ? 'break' : 'mend', act.fault)
    case 'command':
      return `${act.node ?? ''}$ ${act.text.trim().split('\n')[0]}`
    case 'apply':
      return 'file' in act ? `kubectl apply -f ${act.file}` : 'kubectl apply of a text'
    case 'stop':
      return `Ctrl-C for command ${act.command}`
    case 'drop-steps':
      return 'the steps to come are dropped'
  }
}

function faultText(verb: string, fault: Fault): string {
  const [first, ...rest] = Object.entries(fault).map(([key, value]) => `${key} ${[value].flat().join(', ')}`)
  return `${verb} ${[first, ...rest].join(', ')}`
}

function stepOf({ kind, fault }: FaultAct): ScenarioStep {
  const source = { file: '', line: 1, column: 1 }
  return { kind, step: kind === 'fail' ? { fail: fault } : { restore: fault }, source, checkSources: [] }
}

function runningCommand(world: World, number: number) {
  return world.commands.find(command => command.number === number && !command.background.task.isDone)
}
