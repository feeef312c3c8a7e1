declare module 'virtual:shipped-validators' {
  /** By SHA-256 (hex) of the schema's text, what loads its validator. */
  export const shipped: ReadonlyMap<string, () => Promise<import('./adapters/ajv/compiler.ts').RawValidator>>;
}

declare module 'cluster-key-slot' {
  /** The hash slot of a key, 0 to 16383. */
  export default function slotOf(key: string | Uint8Array): number;
}
