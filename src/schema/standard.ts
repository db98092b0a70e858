/** Standard Schema, version 1 (https://standardschema.dev): the one interface that Zod, Valibot, ArkType and others share. */
import type { Issue } from '../errors.js'
import { IbexError } from '../errors.js'

/** A validator whose output is an `Output`. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}

/** What a validator answers: a value, possibly another than the one that was given, or what is wrong with it. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

/** One thing that a validator found. */
export interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** Checks that `validator` is a Standard Schema; throws `invalid-schema`. */
export function requireStandardSchema(validator: StandardSchema): StandardSchema {
  // Some libraries make their schemas functions, so that only the property can be asked for.
  if ((validator as StandardSchema | undefined)?.['~standard']?.version !== 1) {
    throw new IbexError('invalid-schema', 'validate() takes a Standard Schema, such as those of Zod, Valibot, ArkType')
  }
  return validator
}

/**
 * What `validator` makes of `value`; undefined, and issues with paths below `path`, when it refuses. A validator that
 * throws or answers with a promise refuses too.
 */
export function runValidator(
  validator: StandardSchema,
  value: unknown,
  issues: Issue[],
  path: Issue['path'],
): { readonly value: unknown } | undefined {
  let found: readonly StandardIssue[]
  try {
    const result = validator['~standard'].validate(value)
    if ('then' in result) {
      // Nobody waits for the answer; that it may fail must not become an unhandled rejection.
      result.then(undefined, () => {})
      throw new Error('asynchronous validators are not supported: writes never wait')
    }
    if (!result.issues) return result
    found = result.issues
  } catch (error) {
    found = [{ message: `the validator failed: ${error instanceof Error ? error.message : String(error)}` }]
  }
  for (const issue of found) {
    // A copy by `from`: ArkType's paths are arrays of a class of their own, whose `map` gives one too many.
    const below = Array.from(issue.path ?? [], (part) => {
      const key = typeof part === 'object' ? part.key : part
      return typeof key === 'symbol' ? String(key) : key
    })
    issues.push({ path: [...path, ...below], message: issue.message })
  }
  return undefined
}
