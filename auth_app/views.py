"""Pages about accounts beyond Django's own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from auth_app.attempts import limit_letters, limit_sign_in
from auth_app.forms import ForgottenPasswordForm
from auth_app.services.password_link import list_arguments
from freehold.printable import UNPRINTABLE


class LoginView(views.LoginView):
    """Django's, which leads on to no address that a page can't hold, and takes so many attempts and no more."""

    template_name = "auth_app/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look at the password, unless these are too many attempts."""
        return limit_sign_in(request, lambda: super(LoginView, self).post(request, *args, **kwargs))

    def get_redirect_url(self, *args: Any) -> str:
        """Give where `next` leads; nothing, where it leads nowhere."""
        url = super().get_redirect_url(*args)
        return "" if UNPRINTABLE.search(url) else url


class ForgottenPasswordView(views.PasswordResetView):
    """Asks for an address and sends a link there. The answer is the same whether anybody has that address."""

    template_name = "auth_app/password_reset.html"
    form_class = ForgottenPasswordForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give what the template shows."""
        return super().get_context_data(sends_mail=settings.SENDS_MAIL, **kwargs)

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        """Send the link, and lead on."""
        form.save(**list_arguments(self.request))
        return HttpResponseRedirect(self.get_success_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the link, unless too many are asked for; where this site sends no mail, the page again says so."""
        if not settings.SENDS_MAIL:
            return self.get(request, *args, **kwargs)
        return limit_letters(request, lambda: super(ForgottenPasswordView, self).post(request, *args, **kwargs))
