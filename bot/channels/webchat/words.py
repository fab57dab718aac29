"""What the page says about voices, pictures and clips, and what its light form says."""

from bot.i18n import N_

HANDING = {
    "record": N_("Record your voice"),
    "picture": N_("Send a photograph"),
    "stop": N_("Stop recording"),
    "drop": N_("Throw away"),
    "recording": N_("Recording. Press stop when you have finished."),
    "recorded": N_("Recorded: {seconds} seconds. Please listen to it, then send it."),
    "chosen": N_("The photograph is ready. Please look at it, then send it."),
    "kept": N_(
        "It is kept for the person who helps you, and deleted after that. "
        "Never send identity papers here."
    ),
    "mic_refused": N_(
        "This page may not use the microphone. "
        "Please allow it in the settings of the browser, or write a few words."
    ),
    "mic_absent": N_("This phone cannot record here. Please write a few words."),
    "unreadable": N_("This photograph cannot be opened. Please choose another one."),
    "too_large": N_("This is too large. At most 2 megabytes can be sent."),
    "no_picture": N_("This is not a photograph that can be sent here."),
    "no_voice": N_("This is not a recording that can be sent here."),
    "enough": N_("Much was sent already and waits for a helper. Please talk to a person."),
    "sent_voice": N_("Recorded voice, {seconds} seconds"),
    "sent_picture": N_("Photograph"),
    "place": N_("Tell where you are"),
    "place_why": N_(
        "With it the assistant names the help desk nearest to you. It is used once and not kept."
    ),
    "place_send": N_("Tell my place"),
    "place_looking": N_("Looking for your place…"),
    "place_refused": N_(
        "This page may not know where you are. "
        "Please allow it in the settings of the browser, or write where you are."
    ),
    "place_absent": N_("Your place was not found. Please write where you are."),
    "sent_place": N_("My place"),
}
CLIP = {
    "play": N_("Listen"),
    "pause": N_("Pause"),
    "slow": N_("Slower"),
    "clip_page": N_("Listen on a large page"),
    "clip_gone": N_("The recording cannot be played now. Please read the text."),
    "no_clip": N_("There is no recording of this text. Please read it."),
    "back": N_("To the conversation"),
}
LIGHT = {
    "begin": N_("Begin the conversation"),
    "newer": N_("See new messages"),
    "answering": N_("The answer is coming. This page looks for it by itself."),
    "stale": N_("This page was open for too long. Please press again."),
    "light": N_("Open the light page"),
}
SPOKEN = N_("Language of the recording: {language}")
