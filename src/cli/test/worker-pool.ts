import { Worker } from 'node:worker_threads'
import type { TestResult } from '../../scenario/test-result.ts'
import { emptyResult, type Job, type WorkerMessage } from './job.ts'
import { shortPath } from './run-job.ts'

interface Waiting {
  readonly job: Job
  readonly resolve: (result: TestResult) => void
}

interface Member {
  readonly worker: Worker
  current: Waiting | undefined
  events: number
}

/** Threads that run scenarios, each one at a time. They start when there is work and live until `close`. */
export class WorkerPool {
  readonly #size: number
  readonly #members: Member[] = []
  readonly #queue: Waiting[] = []
  #isClosed = false

  constructor(size: number) {
    this.#size = size
  }

  /** Events executed by the runs that are under way. */
  get eventsUnderWay(): number {
    return this.#members.reduce((sum, member) => sum + member.events, 0)
  }

  run(job: Job): Promise<TestResult> {
    return new Promise(resolve => {
      this.#queue.push({ job, resolve })
      this.#serve()
    })
  }

  /** Forgets what has not begun: those runs count as skipped. */
  cancel(): void {
    for (const { job, resolve } of this.#queue.splice(0))
      resolve(emptyResult(job, shortPath(job.folder, job.path), 'skipped'))
  }

  /** Forgets what has not ended: those runs count as skipped. */
  abort(): void {
    this.cancel()
    for (const member of this.#members) {
      const { current } = member
      member.current = undefined
      current?.resolve(emptyResult(current.job, shortPath(current.job.folder, current.job.path), 'skipped'))
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.#members.map(({ worker }) => worker.terminate()))
  }

  #serve(): void {
    let idle = this.#members.find(member => member.current === undefined)
    if (idle === undefined && this.#members.length < this.#size && this.#queue.length > 0) idle = this.#add()
    const next = idle === undefined ? undefined : this.#queue.shift()
    if (idle === undefined || next === undefined) return
    idle.current = next
    idle.worker.postMessage(next.job)
  }

  #add(): Member {
    // the bundle keeps this entry point beside main.js, one folder up from its chunks
    const worker = new Worker(new URL('../cli/test-worker.js', import.meta.url))
    const member: Member = { worker, current: undefined, events: 0 }
    const settle = (result: TestResult): void => {
      const { current } = member
      member.current = undefined
      member.events = 0
      current?.resolve(result)
      this.#serve()
    }
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'progress') member.events = message.events
      else settle(message.result)
    })
    worker.on('error', error => {
      this.#members.splice(this.#members.indexOf(member), 1)
      if (member.current !== undefined) settle(crashed(member.current.job, error))
    })
    worker.on('exit', code => {
      if (this.#isClosed || member.current === undefined) return
      this.#members.splice(this.#members.indexOf(member), 1)
      settle(crashed(member.current.job, new Error(`the thread ended with status ${code}`)))
    })
    this.#members.push(member)
    return member
  }
}

/** Out of memory, or a fault outside any scenario. */
function crashed(job: Job, error: Error): TestResult {
  const file = shortPath(job.folder, job.path)
  const message = `the run broke off: ${error.message}`
  return {
    ...emptyResult(job, file, 'crashed'),
    problems: [{ text: message, message, source: { file, line: 1, column: 1 } }],
  }
}
