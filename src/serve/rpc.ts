import { z } from 'zod'

/** Error codes of JSON-RPC 2.0 (section 5.1), and two of our own in the range it leaves to servers. */
export const ERROR_CODE = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  lab: -32000,
  unknownLab: -32001,
} as const

/** A request, or a notification when it has no `id`. */
export const requestSchema = z.object({
  jsonrpc: z.literal('2.0'),
  method: z.string(),
  params: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
  id: z.union([z.string(), z.number(), z.null()]).optional(),
})

export type Request = z.infer<typeof requestSchema>

type RequestId = string | number | null

export interface Response {
  readonly jsonrpc: '2.0'
  readonly id: RequestId
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

/** What a method throws to answer with an error. */
export class RpcError extends Error {
  override readonly name = 'RpcError'
  readonly code: number
  readonly data: unknown

  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.code = code
    this.data = data
  }
}

export function resultResponse(id: RequestId, result: unknown): Response {
  return { jsonrpc: '2.0', id, result: result ?? null }
}

export function errorResponse(id: RequestId, code: number, message: string, data?: unknown): Response {
  return { jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } }
}

/** The parameters of a method are wrong; `issues` names each. */
export function invalidParams(issues: readonly string[]): RpcError {
  return new RpcError(ERROR_CODE.invalidParams, 'Invalid params', { issues })
}
