"""Makes rows of each model, reads them over joins and deletes them; prints as JSON how many there were and are."""

import json
import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()

from allauth.account.models import EmailAddress, EmailConfirmation  # noqa: E402 - after setup, as all that follows
from allauth.mfa.models import Authenticator  # noqa: E402
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken  # noqa: E402
from allauth.usersessions.models import UserSession  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sites.models import Site  # noqa: E402

MODELS = (EmailAddress, EmailConfirmation, Authenticator, SocialAccount, SocialToken, UserSession)

user = User.objects.create_user("ada", "ada@example.org")
address = EmailAddress.objects.create(user=user, email="ada@example.org", primary=True, verified=True)
EmailConfirmation.create(address).save()
app = SocialApp.objects.create(provider="github", name="GitHub", client_id="x")
app.sites.add(Site.objects.get())
account = SocialAccount.objects.create(user=user, provider="github", uid="1")
SocialToken.objects.create(app=app, account=account, token="x")
Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
UserSession.objects.create(user=user, ip="127.0.0.1", user_agent="x", session_key="x")

joined = SocialToken.objects.filter(account__user__emailaddress__email="ada@example.org", app__sites__id=1).count()
made = [model.objects.count() for model in MODELS]
user.delete()
app.delete()
print(json.dumps({"joined": joined, "made": made, "left": [model.objects.count() for model in MODELS]}))
