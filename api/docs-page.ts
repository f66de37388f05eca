import express, { Router } from 'express';
import { getAbsoluteFSPath } from 'swagger-ui-dist';

const PAGE = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>经办 jingban · API</title>
<link rel="stylesheet" href="swagger-ui.css">
<link rel="icon" type="image/png" href="favicon-32x32.png">
</head>
<body>
<div id="docs"></div>
<script src="swagger-ui-bundle.js"></script>
<script src="initializer.js"></script>
</body>
</html>
`;

/** The validator badge would ask a server on the internet; nothing here leaves the house. */
const INITIALIZER = `window.ui = SwaggerUIBundle({
  url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null, persistAuthorization: false, docExpansion: 'list'
});
`;

/** Swagger UI styles its elements inline and draws its icons from data: addresses; scripts come from here only. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page that shows the OpenAPI document and lets one try it; works without the internet. */
export function docsPage(): Router {
  const router = Router();
  router.use((_req, res, next) => {
    res.set('Content-Security-Policy', POLICY);
    next();
  });
  router.get('/', (req, res) => {
    // Its files are named relative to the page, so the address must end with a slash.
    if (req.originalUrl.split('?')[0]?.endsWith('/')) res.type('html').send(PAGE);
    else res.redirect(301, `${req.baseUrl}/`);
  });
  router.get('/initializer.js', (_req, res) => void res.type('js').send(INITIALIZER));
  // The same for everybody and megabytes large: the one thing a browser may keep.
  router.use((_req, res, next) => {
    res.removeHeader('Cache-Control');
    next();
  });
  router.use(express.static(getAbsoluteFSPath(), { index: false, maxAge: '1h' }));
  return router;
}
