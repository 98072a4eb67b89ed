import type { RouterModel } from '../../model/router.ts'
import type { RouterStatement } from '../../model/router-statement.ts'
import type { Converted, Diagnostic } from '../diagnostic.ts'
import { convertDraft } from '../frr/convert.ts'
import { DiagnosticCollector } from '../frr/diagnostic-collector.ts'
import { FrrReader } from '../frr/reader.ts'
import { frrVersionOfImage, frrVersionOfVyos, type RouterVersion, versionAssumed } from '../router-version.ts'
import { writeBfd } from './bfd-lines.ts'
import { writeBgp } from './bgp-lines.ts'
import { convertInterfaces } from './convert-interfaces.ts'
import { convertSourceNat } from './convert-nat.ts'
import { convertSysctls } from './convert-sysctls.ts'
import { LineWriter } from './line-writer.ts'
import { migrate } from './migrate.ts'
import { isSetCommands, parseSetCommands } from './parse-set-commands.ts'
import { parseTree } from './parse-tree.ts'
import { writePolicy } from './policy-lines.ts'
import { writeStatic } from './static-lines.ts'
import { type ConfigNode, childrenAt, nodeAt, valueAt } from './tree.ts'
import { unmodelledNodes } from './unmodelled-nodes.ts'
import { componentVersions, releaseVersion } from './versions.ts'

export interface VyosConfigOptions {
  /** Name for diagnostics. */
  readonly file: string
  /** Image of the node: `vyos/vyos:1.4.9`. */
  readonly image?: string
}

/**
 * Reads a VyOS config.boot, or a list of `set` commands, into the router it configures: migrated as the file's component
 * versions ask for, mapped to the FRR lines that VyOS would generate, and those read by the FRR front end. A syntax error
 * leaves no model; what a commit would refuse is an error too, but the rest is converted.
 */
export function parseVyosConfig(text: string, options: VyosConfigOptions): Converted<RouterModel> {
  const { file, image } = options
  const isCommands = isSetCommands(text)
  const { root, diagnostics } = isCommands ? parseSetCommands(text, file) : parseTree(text, file)
  if (diagnostics.length > 0) return { model: undefined, diagnostics }
  if (!isCommands) migrate(root, componentVersions(text))
  const version = versionOf(text, image)
  const assumed = version.isKnown ? [] : [versionAssumed(version, image, { file, line: 1, column: 1 })]
  const converted = convertTree(root, version, file)
  return { model: converted.model, diagnostics: [...assumed, ...converted.diagnostics] }
}

/** The FRR lines that the same text makes VyOS generate, each with the place of the node it came from. */
export function vyosStatements(text: string, options: VyosConfigOptions): readonly RouterStatement[] {
  const { file, image } = options
  const isCommands = isSetCommands(text)
  const { root, diagnostics } = isCommands ? parseSetCommands(text, file) : parseTree(text, file)
  if (diagnostics.length > 0) return []
  if (!isCommands) migrate(root, componentVersions(text))
  const writer = new LineWriter(file)
  writeRouting(root, writer)
  const statements: RouterStatement[] = []
  readGenerated(writer, versionOf(text, image), new DiagnosticCollector(), statements)
  return statements
}

/** The image decides; without a telling tag the file's `Release version` does. */
function versionOf(text: string, image: string | undefined): RouterVersion {
  const byImage = frrVersionOfImage(image)
  if (byImage.isKnown) return byImage
  return frrVersionOfVyos(releaseVersion(text) ?? '') ?? byImage
}

function convertTree(root: ConfigNode, version: RouterVersion, file: string): Converted<RouterModel> {
  const writer = new LineWriter(file)
  const interfaces = convertInterfaces(root, writer)
  const sourceNat = convertSourceNat(root, writer)
  const sysctls = convertSysctls(root)
  writeRouting(root, writer)
  const collector = new DiagnosticCollector()
  const reader = readGenerated(writer, version, collector)
  const hostName = valueAt(root, 'system', 'host-name')
  const model = convertDraft(reader.draft, version, 'vyos')
  const diagnostics = [...writer.diagnostics, ...collector.diagnostics(), ...unmodelledNodes(root, file)]
  return {
    model: { ...model, interfaces, sourceNat, sysctls, ...(hostName === undefined ? {} : { hostName }) },
    diagnostics: diagnostics.sort(bySource),
  }
}

/** Everything that FRR is told. */
function writeRouting(root: ConfigNode, writer: LineWriter): void {
  writeStatic(root, writer)
  writePolicy(root, writer)
  writeBfd(root, writer)
  writeBgp(root, writer)
  writeSystem(root, writer)
}

function readGenerated(
  writer: LineWriter,
  version: RouterVersion,
  collector: DiagnosticCollector,
  statements?: RouterStatement[],
): FrrReader {
  const reader = new FrrReader(version.version, collector, statements)
  for (const { text, source } of writer.lines) reader.readLine(text, source, true)
  return reader
}

/** `system ip` of zebra's concern. */
function writeSystem(root: ConfigNode, writer: LineWriter): void {
  const ip = nodeAt(root, 'system', 'ip')
  writer.addIf(nodeAt(ip, 'nht', 'no-resolve-via-default'), 'no ip nht resolve-via-default')
  for (const protocol of childrenAt(ip, 'protocol')) {
    const map = valueAt(protocol, 'route-map')
    if (map !== undefined) writer.add(`ip protocol ${protocol.name} route-map ${map}`, protocol)
  }
}

function bySource(one: Diagnostic, other: Diagnostic): number {
  return one.source.line - other.source.line || one.source.column - other.source.column
}
