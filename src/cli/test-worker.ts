import { parentPort } from 'node:worker_threads'
import type { Job, WorkerMessage } from './test/job.ts'
import { runJob } from './test/run-job.ts'

/** How often the main thread hears of a long run, milliseconds. */
const PROGRESS_MS = 200

let toldMs = 0
const say = (message: WorkerMessage): void => parentPort?.postMessage(message)

parentPort?.on('message', async (job: Job) => {
  const result = await runJob(job, async lab => {
    const nowMs = performance.now()
    if (nowMs - toldMs < PROGRESS_MS) return
    toldMs = nowMs
    say({ kind: 'progress', simulatedNs: lab.simulator.nowNs, events: lab.simulator.executedEvents })
  })
  say({ kind: 'result', result })
})
