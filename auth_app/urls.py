"""Pages about accounts. Their names are Django's own, so no namespace."""

from django.contrib.auth.views import (
    LogoutView,
    PasswordResetCompleteView,
    PasswordResetConfirmView,
    PasswordResetDoneView,
)
from django.urls import path

from auth_app.forms import NewPasswordForm
from auth_app.views import ForgottenPasswordView, LoginView

urlpatterns = [
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password-reset/", ForgottenPasswordView.as_view(), name="password_reset"),
    path(
        "password-reset/sent/",
        PasswordResetDoneView.as_view(template_name="auth_app/password_reset_sent.html"),
        name="password_reset_done",
    ),
    path(
        "password-reset/complete/",
        PasswordResetCompleteView.as_view(template_name="auth_app/password_reset_complete.html"),
        name="password_reset_complete",
    ),
    path(
        "password-reset/<uidb64>/<token>/",
        PasswordResetConfirmView.as_view(
            template_name="auth_app/password_reset_confirm.html", form_class=NewPasswordForm
        ),
        name="password_reset_confirm",
    ),
]
