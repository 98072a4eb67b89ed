/** Component versions of a config.boot's footer; a component that is missing counts as 0. */
export interface ComponentVersions {
  readonly bgp: number
  readonly quagga: number
  readonly nat: number
}

/** Reads the footer: `// vyos-config-version: "bgp@5:…"`, or the comment of VyOS 1.2. No footer: every migration runs. */
export function componentVersions(text: string): ComponentVersions {
  const list = /(?:vyos|vyatta)-config-version:\s*"([^"]*)"/.exec(text)?.[1] ?? ''
  const version = (component: string) => {
    const entry = list.split(':').find(part => part.startsWith(`${component}@`))
    return Number(entry?.slice(component.length + 1) ?? 0) || 0
  }
  return { bgp: version('bgp'), quagga: version('quagga'), nat: version('nat') }
}

/** The footer's `// Release version: 1.4.0`. */
export function releaseVersion(text: string): string | undefined {
  return /Release version:\s*(\S+)/.exec(text)?.[1]
}
