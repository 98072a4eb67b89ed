/** `reason` of a metav1.Status and its HTTP code. */
const CODES = {
  NotFound: 404,
  AlreadyExists: 409,
  Conflict: 409,
  Invalid: 422,
  BadRequest: 400,
  Forbidden: 403,
  MethodNotAllowed: 405,
} as const

/** Why the API server refused a request, as it says it. */
export interface ApiError {
  readonly reason: keyof typeof CODES
  readonly code: number
  /** `services "x" not found`; for Invalid: `Service "x" is invalid: spec.ports: Required value`. */
  readonly message: string
}

/** Makes a refusal. `message` is the text of metav1.Status. */
export function apiError(reason: ApiError['reason'], message: string): ApiError {
  return { reason, code: CODES[reason], message }
}

/** As kubectl prints it, without a line end. Source: k8s.io/kubectl pkg/cmd/util/helpers.go `StandardErrorMessage`, `checkErr`. */
export function formatApiError(error: ApiError): string {
  if (error.reason === 'Invalid') return `The ${error.message}`
  return `Error from server (${error.reason}): ${error.message}`
}
