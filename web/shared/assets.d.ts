declare module '*.svg' {
  /** URL of the built file. */
  const url: string;
  export default url;
}

declare module '*.css' {}
