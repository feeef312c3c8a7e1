declare module 'virtual:shipped-validators' {
  /** By SHA-256 (hex) of the schema's text, what loads its validator. */
  export const shipped: ReadonlyMap<string, () => Promise<import('./adapters/ajv/compiler.ts').RawValidator>>;
}
