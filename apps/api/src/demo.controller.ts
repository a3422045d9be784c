import { Controller, Get, Header, Headers, Inject, Query } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import { SandboxSecrets } from '#identity';
import { ENVIRONMENT, type Environment, httpError, Public } from '#platform';
import { demoLogins } from '../../../config/demonstration.js';
import { homePage, homeScript } from './home-page.js';
import { passwordPage, passwordScript } from './password-page.js';
import { pageLanguage } from './web-page.js';

/** The door of a sandbox: who one can be, and where to try what. A live market knows no such people. */
@ApiTags('Demonstration')
@Controller()
export class DemoController {
  constructor(
    private readonly secrets: SandboxSecrets,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** The demonstration people with passwords and, where one is set up, the secret of their second factor. */
  @Get('v1/demo/logins')
  @Public()
  async logins() {
    if (this.environment.stage === 'live') throw httpError('route_unknown');
    const items = await Promise.all(
      demoLogins.map(async (login) => ({
        ...login,
        role: login.role.en,
        whatToTry: login.whatToTry.en,
        totpSecret: await this.secrets.totpSecret(login.email),
      })),
    );
    return { items, nextCursor: null };
  }

  @Get()
  @Public()
  @Header('content-type', 'text/html; charset=utf-8')
  @ApiExcludeEndpoint()
  home(@Query('lang') lang?: unknown, @Headers('accept-language') accepted?: string): string {
    return homePage(pageLanguage(lang, accepted), this.environment.stage === 'live' ? [] : demoLogins);
  }

  @Get('reset-password')
  @Public()
  @Header('content-type', 'text/html; charset=utf-8')
  @ApiExcludeEndpoint()
  passwordPage(@Query('lang') lang?: unknown, @Headers('accept-language') accepted?: string): string {
    return passwordPage(pageLanguage(lang, accepted));
  }

  @Get('reset-password.js')
  @Public()
  @Header('content-type', 'text/javascript; charset=utf-8')
  @ApiExcludeEndpoint()
  passwordScript(): string {
    return passwordScript;
  }

  @Get('home.js')
  @Public()
  @Header('content-type', 'text/javascript; charset=utf-8')
  @ApiExcludeEndpoint()
  homeScript(): string {
    return homeScript;
  }
}
