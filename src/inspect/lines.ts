/** What goes over a store's lines to server and tabs: counted as it passes, and delayed or lost where a panel wants that. */
import { IbexError } from '../errors.js'
import type { RepositoryPath } from '../ids.js'
import type { Surroundings } from '../ports.js'
import type { LinkOptions } from '../store/link-options.js'
import { decodeMessage } from '../sync/message-codec.js'
import type { Transport } from '../transport/port.js'
import { ByteReader } from '../value/bytes.js'
import type { Conditions, LineAbout, LineRepository } from './topics.js'

/** Lines that have ended, of which something is remembered. */
const MAX_ENDED = 20
/** What a message begins with: see `sync/message-codec.ts`. */
const COMMITS = 8
/** Without the first three a line does not come about at all, and is given up only after ten seconds. */
const LAST_OF_HANDSHAKE = 3

/** Identity: one for each store. */
export interface Lines {
  /** The same transport, watched. */
  watch(transport: Transport, link: LinkOptions): Transport
  /** From now on, on lines to a server. */
  readonly conditions: Conditions
  impose(conditions: Conditions): void
  about(): LineAbout[]
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

interface Line extends Omit<Writable<LineAbout>, 'sent' | 'received' | 'repositories'> {
  readonly sent: { messages: number; bytes: number }
  readonly received: { messages: number; bytes: number }
  readonly repositories: Map<RepositoryPath, Talk>
}

interface Talk extends Writable<LineRepository> {
  /** The question that waits for its answer, and since when. */
  round: number
  asked: number
  /** When this end said what it holds, if the other has not answered yet. */
  summarised: number
}

export const GOOD_CONDITIONS: Conditions = { delay: 0, loss: 0 }

export function createLines({ clock, scheduler }: Pick<Surroundings, 'clock' | 'scheduler'>): Lines {
  const lines: Line[] = []
  let conditions = GOOD_CONDITIONS
  let count = 0

  function talk(line: Line, path: RepositoryPath): Talk {
    let found = line.repositories.get(path)
    if (!found) {
      found = {
        path,
        heads: [],
        received: 0,
        sent: 0,
        questions: 0,
        filterMisses: 0,
        roundTrip: null,
        reconciles: 0,
        round: 0,
        asked: 0,
        summarised: 0,
      }
      line.repositories.set(path, found)
    }
    return found
  }

  function note(line: Line, way: 'sent' | 'received', bytes: Uint8Array): void {
    line[way].messages++
    line[way].bytes += bytes.length
    try {
      if (bytes[0] === COMMITS) noteCommits(line, way, bytes)
      else noteControl(line, way, bytes)
    } catch (error) {
      // Whoever reads it in earnest deals with what is malformed.
      if (!(error instanceof IbexError)) throw error
    }
  }

  /** Read no further than needed: they may be long. */
  function noteCommits(line: Line, way: 'sent' | 'received', bytes: Uint8Array): void {
    const reader = new ByteReader(bytes)
    reader.u8()
    const here = talk(line, reader.string() as RepositoryPath)
    here[way] += bytes.length
    const round = reader.varuint()
    const more = reader.u8()
    if (way === 'received' && !more && round > 0 && round === here.round) {
      here.roundTrip = clock.now() - here.asked
      here.round = 0
    }
  }

  function noteControl(line: Line, way: 'sent' | 'received', bytes: Uint8Array): void {
    const message = decodeMessage(bytes)
    if (message.type === 'summary') {
      const here = talk(line, message.repository)
      if (way === 'received') {
        here.heads = message.heads
        if (message.answer && here.summarised > 0) here.roundTrip = clock.now() - here.summarised
        here.summarised = 0
      } else if (!message.answer) {
        here.reconciles++
        here.summarised = clock.now()
      }
    } else if (way === 'sent' && (message.type === 'want' || message.type === 'need')) {
      const here = talk(line, message.repository)
      here.questions++
      if (message.type === 'need') here.filterMisses++
      here.round = message.round
      here.asked = clock.now()
    }
  }

  /** Whether chance takes a message away. */
  function isLost(bytes: Uint8Array): boolean {
    // Not the store's own chance, which shall be as it is when nobody looks.
    return conditions.loss > 0 && bytes[0]! > LAST_OF_HANDSHAKE && Math.random() < conditions.loss
  }

  /** A way on which things arrive late, in the order in which they were sent. */
  function createLane(): (arrive: () => void) => void {
    const underway: (() => void)[] = []
    return (arrive) => {
      if (conditions.delay === 0 && underway.length === 0) {
        arrive()
        return
      }
      underway.push(arrive)
      // Whichever timer comes first takes the oldest.
      scheduler.after(conditions.delay, () => underway.shift()?.())
    }
  }

  function begin(link: LinkOptions): Line {
    const line: Line = {
      id: ++count,
      peer: link.role === 'acceptor' ? 'tab' : link.trusted ? 'leading tab' : 'server',
      since: clock.now(),
      until: null,
      reason: null,
      sent: { messages: 0, bytes: 0 },
      received: { messages: 0, bytes: 0 },
      repositories: new Map(),
    }
    lines.push(line)
    const ended = lines.filter(({ until }) => until !== null)
    if (ended.length > MAX_ENDED) lines.splice(lines.indexOf(ended[0]!), 1)
    return line
  }

  return {
    watch(transport, link) {
      const line = begin(link)
      const isBad = line.peer === 'server'
      const [out, back] = [createLane(), createLane()]
      return {
        send(bytes) {
          note(line, 'sent', bytes)
          if (!isBad) transport.send(bytes)
          else if (!isLost(bytes)) out(() => transport.send(bytes))
        },
        get buffered() {
          return transport.buffered
        },
        onMessage(fn) {
          transport.onMessage((bytes) => {
            note(line, 'received', bytes)
            if (!isBad) fn(bytes)
            else if (!isLost(bytes)) back(() => fn(bytes))
          })
        },
        onClose(fn) {
          transport.onClose((reason) => {
            line.until = clock.now()
            line.reason = reason.message || (reason.code ?? '')
            back(() => fn(reason))
          })
        },
        close: (reason) => transport.close(reason),
      }
    },
    get conditions() {
      return conditions
    },
    impose(next) {
      conditions = next
    },
    about() {
      return lines
        .map(({ repositories, sent, received, ...line }) => ({
          ...line,
          sent: { ...sent },
          received: { ...received },
          repositories: Array.from(
            repositories.values(),
            ({ round: _round, asked: _asked, summarised: _summarised, ...rest }) => rest,
          ),
        }))
        .sort((a, b) => Number(a.until !== null) - Number(b.until !== null) || b.id - a.id)
    },
  }
}
