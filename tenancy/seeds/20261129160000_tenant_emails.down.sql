UPDATE app.tenants SET email = NULL
WHERE email IN ('nordlicht@freehold.example', 'kawase-cycles@freehold.example', 'harbour-tools@freehold.example');
