import type { Command } from 'commander'
import type { Exit } from '../exit-code.ts'

/** `drylab serve`: its options and help. */
export function addServe(program: Command, exit: Exit): void {
  program
    .command('serve')
    .description('drive labs from any language: JSON-RPC 2.0, one message a line')
    .option('--stdio', 'requests from stdin, answers and notifications to stdout')
    .addHelpText(
      'after',
      `
Methods: lab.load, lab.run, lab.fault, lab.check, lab.why, lab.snapshot, lab.cancel, lab.close, node.exec,
capture.start, capture.stop; server.methods gives each with the JSON Schema of its parameters.
Notifications: lab.event (the kinds that lab.load's "events" names), capture.line.
Errors: -32700 to -32603 of JSON-RPC; -32000 the lab refuses, -32001 there is no such lab.
The server ends when stdin does.

Examples:
  echo '{"jsonrpc":"2.0","id":1,"method":"server.methods"}' | drylab serve --stdio
  drylab serve --stdio <<'END'
  {"jsonrpc":"2.0","id":1,"method":"lab.load","params":{"lab":"topologies/clos-2x4/lab.clab.yml"}}
  {"jsonrpc":"2.0","id":2,"method":"node.exec","params":{"lab":"lab-1","node":"leaf1","command":"route -n"}}
  END`,
    )
    .action(async options => exit(await (await import('../actions/serve.ts')).serve(options)))
}
