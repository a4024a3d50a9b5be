-- kind: demo
-- depends: tenancy.0001_tenants
UPDATE app.tenants SET email = slug || '@freehold.example'
WHERE slug IN ('nordlicht', 'kawase-cycles', 'harbour-tools') AND email IS NULL;
