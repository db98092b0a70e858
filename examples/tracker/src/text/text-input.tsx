import { type ComponentProps, useLayoutEffect } from 'react'
import { useSharedText } from './use-shared-text.js'

interface Shared {
  readonly value: string
  readonly onText: (text: string) => void
}

type Passed<Tag extends 'input' | 'textarea'> = Omit<
  ComponentProps<Tag>,
  'value' | 'defaultValue' | 'onChange' | 'onInput' | 'ref'
>

/** A field of one line for a text that others edit at the same time. */
export function TextInput({ value, onText, onBlur, ...rest }: Shared & Passed<'input'>): React.ReactNode {
  const { ref, props } = useSharedText<HTMLInputElement>(value, onText)
  return (
    <input
      {...rest}
      {...props}
      ref={ref}
      onBlur={(event) => {
        props.onBlur?.(event)
        onBlur?.(event)
      }}
    />
  )
}

/** The same for a text that wraps; as tall as its text. */
export function TextArea(all: Shared & Passed<'textarea'> & { readonly isOneLine?: boolean }): React.ReactNode {
  const { value, onText, onBlur, isOneLine, ...rest } = all
  const { ref, props } = useSharedText<HTMLTextAreaElement>(value, onText, isOneLine)
  useLayoutEffect(() => {
    const field = ref.current!
    // Where the browser does not do it by `field-sizing`.
    if (CSS.supports('field-sizing', 'content')) return
    field.style.height = 'auto'
    field.style.height = `${field.scrollHeight}px`
  })
  return (
    <textarea
      {...rest}
      {...(props as object)}
      ref={ref}
      rows={1}
      onBlur={(event) => {
        props.onBlur?.(event as never)
        onBlur?.(event)
      }}
    />
  )
}
