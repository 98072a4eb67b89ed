import type { YamlPath } from '../yaml-file.ts'
import type { YamlMap, YamlReader } from '../yaml-reader.ts'
import { ENDPOINT_KEYS, type KeyTable, LINK_KEYS, MANAGEMENT_KEYS, NODE_KEYS, TOP_KEYS } from './schema.ts'

/** Says of every key that containerlab acts on and the simulator does not, where it stands. */
export function noteUnmodelled(reader: YamlReader, top: YamlMap, topology: YamlMap): void {
  noteIn(reader, top, TOP_KEYS, [])
  noteIn(reader, reader.map(top.mgmt, ['mgmt']), MANAGEMENT_KEYS, ['mgmt'])
  noteIn(reader, reader.map(topology.defaults, ['topology', 'defaults']), NODE_KEYS, ['topology', 'defaults'])
  for (const section of ['kinds', 'groups', 'nodes'] as const) {
    for (const [name, entry] of Object.entries(reader.map(topology[section], ['topology', section]))) {
      noteIn(reader, reader.map(entry, ['topology', section, name]), NODE_KEYS, ['topology', section, name])
    }
  }
  for (const [index, link] of reader.list(topology.links, ['topology', 'links']).entries()) {
    const path = ['topology', 'links', index]
    const map = reader.map(link, path)
    noteIn(reader, map, LINK_KEYS, path)
    for (const [side, end] of reader.list(map.endpoints, [...path, 'endpoints']).entries()) {
      if (typeof end === 'object' && end !== null)
        noteIn(reader, end as YamlMap, ENDPOINT_KEYS, [...path, 'endpoints', side])
    }
  }
}

function noteIn(reader: YamlReader, map: YamlMap, table: KeyTable, path: YamlPath): void {
  for (const key of Object.keys(map)) {
    if (table[key] === 'ignored')
      reader.note('unmodelled', 'not-modelled', `"${key}" is not modelled`, [...path, key], 'key')
  }
}
