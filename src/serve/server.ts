import { LabError } from '../api/lab-error.ts'
import { describeMethods } from './describe-methods.ts'
import type { Method } from './method.ts'
import { METHODS } from './methods/table.ts'
import {
  ERROR_CODE,
  errorResponse,
  invalidParams,
  type Request,
  type Response,
  RpcError,
  requestSchema,
  resultResponse,
} from './rpc.ts'
import { Session } from './session.ts'

export interface ServerOptions {
  /** Sends one line, without its end. */
  readonly send: (line: string) => void
  /** Lets the program read its input while time passes in a lab. */
  readonly breathe: () => Promise<void>
}

/** The longest line that is read, characters. */
const MAX_LINE = 16_000_000

/**
 * JSON-RPC 2.0 (www.jsonrpc.org/specification), one message a line. Messages are answered one after another in the order
 * in which they came; only `lab.cancel` overtakes. What happens in the labs is sent as notifications, always before the
 * answer to the method in which it happened.
 */
export class Server {
  readonly #send: (message: unknown) => void
  readonly #session: Session
  #last: Promise<void> = Promise.resolve()

  constructor({ send, breathe }: ServerOptions) {
    this.#send = message => send(JSON.stringify(message))
    this.#session = new Session(
      (method, params) => this.#send({ jsonrpc: '2.0', method, params }),
      async () => {
        this.#session.tell()
        await breathe()
      },
    )
  }

  /** Takes one line. The answer is sent when its turn has come. */
  receive(line: string): void {
    if (line.trim() === '') return
    const message = parse(line)
    if (isCancel(message)) void this.#answer(message)
    else this.#last = this.#last.then(() => this.#answer(message))
  }

  /** Resolves when everything received so far is answered. */
  async drain(): Promise<void> {
    await this.#last
  }

  async #answer(message: unknown): Promise<void> {
    if (message === undefined) this.#send(errorResponse(null, ERROR_CODE.parse, 'Parse error'))
    else if (Array.isArray(message) && message.length > 0) await this.#answerBatch(message)
    else {
      const response = await this.#answerOne(message)
      if (response !== undefined) this.#send(response)
    }
  }

  async #answerBatch(messages: readonly unknown[]): Promise<void> {
    const responses: Response[] = []
    for (const message of messages) {
      const response = await this.#answerOne(message)
      if (response !== undefined) responses.push(response)
    }
    if (responses.length > 0) this.#send(responses)
  }

  /** Undefined for a notification, whatever comes of it. */
  async #answerOne(message: unknown): Promise<Response | undefined> {
    const parsed = requestSchema.safeParse(message)
    if (!parsed.success) return errorResponse(null, ERROR_CODE.invalidRequest, 'Invalid Request')
    const { id, method, params } = parsed.data
    const response = await this.#call(method, params).then(
      result => resultResponse(id ?? null, result),
      (error: unknown) => refusal(id ?? null, error),
    )
    return id === undefined ? undefined : response
  }

  async #call(name: string, params: Request['params']): Promise<unknown> {
    if (name === 'server.methods') return describeMethods()
    if (name === 'lab.cancel') return this.#cancel(params)
    const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined
    if (method === undefined) throw new RpcError(ERROR_CODE.methodNotFound, 'Method not found')
    try {
      return await this.#run(method, params)
    } finally {
      this.#session.tell()
    }
  }

  async #run(method: Method, params: Request['params']): Promise<unknown> {
    const parsed = method.params.safeParse(params ?? {})
    if (parsed.success) return method.run(this.#session, parsed.data)
    throw invalidParams(parsed.error.issues.map(({ path, message }) => [...path, message].join(': ')))
  }

  /** `lab.cancel {lab}`: ends what runs in the lab; whoever asked for that gets an error. */
  #cancel(params: Request['params']): { readonly isKnown: boolean } {
    const id = params === undefined || Array.isArray(params) ? undefined : params.lab
    const served = this.#session.labs.get(String(id))
    served?.loaded.cancel()
    return { isKnown: served !== undefined }
  }
}

/** Undefined when the line is not JSON. */
function parse(line: string): unknown {
  if (line.length > MAX_LINE) return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function isCancel(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'method' in message && message.method === 'lab.cancel'
}

/** What is not foreseen is an internal error; the server lives on. */
function refusal(id: Response['id'], error: unknown): Response {
  if (error instanceof RpcError) return errorResponse(id, error.code, error.message, error.data)
  if (error instanceof LabError) return errorResponse(id, ERROR_CODE.lab, error.message)
  return errorResponse(id, ERROR_CODE.internal, error instanceof Error ? error.message : String(error))
}
