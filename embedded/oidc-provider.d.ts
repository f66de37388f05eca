/** The part of oidc-provider that the local issuer uses; the package brings no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export interface Client {
    clientId: string;
  }

  export interface TokenRequest {
    oidc: { params: Record<string, unknown>; client: Client };
    body: unknown;
  }

  export interface AccessToken {
    accountId: string;
    clientId: string;
    resourceServer: object;
    expiration: number;
    save(): Promise<string>;
  }

  export interface Grant {
    addOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    save(): Promise<string>;
  }

  export interface Interaction {
    uid: string;
    prompt: { name: string };
  }

  export default class Provider {
    constructor(issuer: string, configuration: object);
    readonly AccessToken: new (properties: object) => AccessToken;
    readonly ResourceServer: new (identifier: string, information: object) => object;
    readonly Grant: new (properties: object) => Grant;
    on(event: string, listener: (context: unknown, error: Error) => void): this;
    registerGrantType(
      name: string,
      handler: (request: TokenRequest) => Promise<void>,
      parameters: readonly string[],
    ): void;
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
  }

  export const errors: { InvalidGrant: new (detail: string) => Error };
}
