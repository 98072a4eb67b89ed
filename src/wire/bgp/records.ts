import { type RecordList, recordList } from '../stream.ts'
import { messageBytes } from './length.ts'
import type { BgpMessage } from './message.ts'

/** Messages as TCP takes them, for one write. Their lengths are worked out here, once for all who are sent this list. */
export function bgpRecords(messages: readonly BgpMessage[]): RecordList {
  return recordList(messages, messageBytes)
}
