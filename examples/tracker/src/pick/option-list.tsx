import { Command, defaultFilter } from 'cmdk'
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { Icon } from '../look/icons.js'
import type { Option } from './options.js'

export type Standing = 'all' | 'some' | 'none'

interface OptionListProps {
  readonly label: string
  readonly options: readonly Option[]
  readonly standing: (value: string) => Standing
  readonly onPick: (value: string) => void
  /** Makes what is not there yet, by its name. */
  readonly onCreate?: ((name: string) => void) | undefined
  /** Several may be picked: boxes to tick instead of one that is marked. */
  readonly isMany?: boolean
}

/** The item that makes what is not there. No id begins like this. */
const NEW = '+'

/** How well an item fits what was typed: what is there comes before what could be made. */
const rank: typeof defaultFilter = (value, search, keywords) =>
  value === NEW ? Number.MIN_VALUE : defaultFilter(value, search, keywords)

/** A list to pick from by typing, arrows or digits. */
export function OptionList({ label, options, standing, onPick, onCreate, isMany = false }: OptionListProps): ReactNode {
  const [text, setText] = useState('')
  const [first] = useState(
    () => options.find(({ value }) => standing(value) === 'all')?.value ?? options[0]?.value ?? '',
  )
  const [at, setAt] = useState(first)
  const wanted = text.trim()
  const isNew = onCreate && wanted !== '' && !options.some(({ name }) => name.toLowerCase() === wanted.toLowerCase())
  const pickByDigit = (event: KeyboardEvent): void => {
    const option = text === '' && /^[1-9]$/.test(event.key) ? options[Number(event.key) - 1] : undefined
    if (!option || isMany) return
    event.preventDefault()
    onPick(option.value)
  }
  return (
    <Command label={label} value={at} onValueChange={setAt} filter={rank} loop onKeyDown={pickByDigit}>
      {/* Whatever floats it may still be on its way out from the time before, and so would not give it the focus. */}
      <Command.Input value={text} onValueChange={setText} placeholder={`${label}…`} autoFocus />
      <Command.List>
        {!isNew && <Command.Empty>Nothing is called that.</Command.Empty>}
        {options.map(({ value, name, icon }, index) => {
          const how = standing(value)
          return (
            <Command.Item
              key={value}
              value={value}
              keywords={[name]}
              onSelect={() => onPick(value)}
              data-standing={how}
            >
              {isMany && (
                <span className="tick">{how !== 'none' && <Icon name={how === 'all' ? 'check' : 'close'} />}</span>
              )}
              {icon}
              <span className="grow clip">
                {name}
                {how !== 'none' && <span className="unseen">, {how === 'all' ? 'chosen' : 'chosen for some'}</span>}
              </span>
              {!isMany && how === 'all' && <Icon name="check" />}
              {!isMany && index < 9 && <span className="digit">{index + 1}</span>}
            </Command.Item>
          )
        })}
        {isNew && (
          <Command.Item
            value={NEW}
            onSelect={() => {
              onCreate(wanted)
              setText('')
            }}
          >
            <Icon name="plus" />
            <span className="grow clip">Create label “{wanted}”</span>
          </Command.Item>
        )}
      </Command.List>
    </Command>
  )
}
