/** What the state of a link or session looks like, the same in every format. */
export const STATE_COLORS = {
  established: '#2e7d32',
  up: '#78909c',
  'not-established': '#ef6c00',
  down: '#c62828',
} as const

export const WAY_COLORS = { there: '#1565c0', back: '#8e24aa' } as const

/** For legends. */
export const STATE_TEXTS = {
  established: 'BGP session established',
  up: 'link without a session',
  'not-established': 'BGP session not established',
  down: 'no carrier',
} as const
