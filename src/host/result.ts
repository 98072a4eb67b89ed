/** Names of the errors that kernel operations return, as errno spells them. */
export type Errno =
  | 'EACCES'
  | 'EADDRINUSE'
  | 'EADDRNOTAVAIL'
  | 'EBUSY'
  | 'EEXIST'
  | 'EHOSTUNREACH'
  | 'EINVAL'
  | 'EMSGSIZE'
  | 'ENETDOWN'
  | 'ENETUNREACH'
  | 'ENOBUFS'
  | 'ENODEV'
  | 'ENOENT'
  | 'EOPNOTSUPP'
  | 'EPERM'
  | 'ESRCH'

/** An operation that failed; `message` is the kernel's extended acknowledgement ("Nexthop has invalid gateway."). */
export interface Failure {
  readonly ok: false
  readonly errno: Errno
  readonly message?: string
}

/** What a netlink operation answers. */
export type Result = { readonly ok: true } | Failure

export const OK: Result = { ok: true }

/** A failure; the text is what iproute2 prints behind `Error: `. */
export function failure(errno: Errno, message?: string): Failure {
  return message === undefined ? { ok: false, errno } : { ok: false, errno, message }
}
