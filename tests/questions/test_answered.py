"""From questions that were sent to an answer in force, told to everybody who asked."""

import pytest

from bot import questions
from bot.content import Library
from bot.errors import Refusal
from bot.library import taken
from bot.store import Work
from bot.store.questions import Decision
from bot.values.letter import Lane
from tests.questions.world import PARKING, World

FOUR = ("gửi xe máy ở đâu ạ", "gui xe may o dau", "có chỗ gửi xe máy không", "xe máy gửi chỗ nào")


async def four(world: World) -> list[int]:
    """Four people ask where to park; two of them in one, and one about something else."""
    people = [await world.somebody(f"s{number}") for number in range(3)]
    numbers = [
        await world.asks(who, text) for who, text in zip([*people, people[0]], FOUR, strict=True)
    ]
    await world.asks(people[1], "mượn xe lăn ở đâu")
    return numbers


async def library(world: World) -> Library:
    return await world.store.read(lambda work: taken(work, world.event)[1])


async def test_groups_are_ranked_by_people_and_show_nobody(world: World) -> None:
    numbers = await four(world)
    parking, chair = await world.store.read(lambda work: questions.groups(work, world.event))
    assert (parking.number, parking.people, parking.ids) == (numbers[0], 3, tuple(numbers))
    # "gửi xe máy ở đâu ạ" and the one without accents and politeness stand as they were typed.
    assert sorted(parking.examples) == sorted(FOUR)
    assert (chair.people, chair.examples) == (1, ("mượn xe lăn ở đâu",))


async def test_an_approved_answer_is_content_and_is_sent_to_everybody(world: World) -> None:
    numbers = await four(world)
    assert await world.answered(numbers[0]) == 1
    told = await world.owed()
    assert [one.sender for one in told] == ["s0", "s0", "s1", "s2"]
    assert {one.lane for one in told} == {Lane.SCHEDULED}
    first = told[2].reply
    assert first.text.split("\n")[1] == PARKING.text
    assert FOUR[1] in first.text.split("\n")[0]
    assert "Ban Tổ chức" in first.text.split("\n")[2]
    assert [one.value for one in first.choices] == ["ask.topic:hotel", "helper.start", "menu.show"]
    answer = (await library(world)).answers["gui-xe-may"]
    assert len(answer.by_language["vi"].questions) == 4
    versions = await world.store.read(lambda work: work.contents.versions(world.event.id))
    assert [(one.number, one.author, one.approver) for one in versions] == [
        (2, "lan", "mai"),
        (1, "lan", ""),
    ]


async def test_whose_question_it_was_is_forgotten_once_she_is_told(world: World) -> None:
    numbers = await four(world)
    await world.answered(numbers[0])
    tied = "question_sent WHERE person_id IS NOT NULL OR address_id IS NOT NULL"
    assert await world.count(tied) == 1  # who asked for the wheelchair
    assert len(await world.owed()) == 4
    assert await world.jobs.run_waiting() == 0


async def test_nothing_is_told_or_content_before_it_is_approved(world: World) -> None:
    numbers = await four(world)

    def draft(work: Work) -> Decision:
        ids = questions.numbered(work, world.event, numbers[:1])
        return questions.answer_with_draft(work, world.event, ids, PARKING, "lan")

    await world.store.write(draft)
    assert await world.jobs.run_waiting() == 0
    assert "gui-xe-may" not in (await library(world)).answers
    back = await world.store.write(
        lambda work: questions.reopen(work, world.event, numbers[2], "lan")
    )
    assert back == 4


async def test_an_answer_there_is_gets_them_as_examples(world: World) -> None:
    who = await world.somebody("s0")
    number = await world.asks(who, "chìa khóa lấy chỗ mô")

    def do(work: Work) -> None:
        questions.answer_with(work, world.event, [number], "nhan-phong", "lan")
        questions.approve(work, world.event, number, "mai")

    await world.store.write(do)
    await world.refresh()
    await world.jobs.run_waiting()
    assert (
        "chìa khóa lấy chỗ mô"
        in (await library(world)).answers["nhan-phong"].by_language["vi"].questions
    )
    (told,) = await world.owed()
    # Its text holds her room: only the dialogue says that, once it knows who is speaking.
    assert "{" not in told.reply.text
    assert told.reply.choices[0].value == "ask.answer:nhan-phong"


async def test_each_in_her_language_and_only_what_she_may_read(world: World) -> None:
    english = await world.stranger("e1")
    hers = await world.asks(english, "where can i park my motorbike", "en")
    closed = questions.Draft(PARKING.title, PARKING.text, PARKING.topic)
    await world.answered(hers, draft=closed)
    (told,) = await world.owed()
    assert told.reply.language == "en"
    assert PARKING.text not in told.reply.text  # it is for those whose card is linked
    assert told.reply.choices[0].value == "ask.answer:gui-xe-may"


async def test_a_guest_is_told_where_she_asked_and_says_so_in_vietnamese(world: World) -> None:
    english = await world.stranger("e1")
    await world.answered(await world.asks(english, "where can i park my motorbike", "en"))
    (told,) = await world.owed()
    assert PARKING.text in told.reply.text
    assert "In Vietnamese only" in told.reply.text


async def test_at_the_address_she_prefers_and_by_name_where_phones_are_shared(
    world: World,
) -> None:
    mai, _ = await world.somebody("family")
    lan, shared = await world.somebody("family")
    number = await world.asks((lan, shared), FOUR[0])
    await world.asks(await world.somebody("frozen"), FOUR[1])
    frozen = await world.store.read(lambda work: work.accounts.address(world.account, "frozen"))
    assert frozen is not None
    await world.store.write(lambda work: work.accounts.freeze([frozen.id]))
    await world.answered(number)
    (told,) = await world.owed()
    assert told.sender == "family"
    assert told.reply.text.startswith("Lan family:\n")
    assert mai != lan


async def test_the_erased_are_not_told(world: World) -> None:
    numbers = await four(world)
    who = await world.store.read(lambda work: work.questions.waiting(world.event.id)[1].person_id)
    assert who is not None
    await world.store.write(lambda work: work.privacy.forget_talk(who))
    await world.answered(numbers[0])
    assert [one.sender for one in await world.owed()] == ["s0", "s0", "s2"]


async def test_dismissed_and_back_again(world: World) -> None:
    numbers = await four(world)

    def dismiss(work: Work) -> None:
        ids = questions.numbered(work, world.event, numbers[:1])
        questions.dismiss(work, world.event, ids, "lan")

    await world.store.write(dismiss)
    assert len(await world.store.read(lambda work: questions.groups(work, world.event))) == 1
    with pytest.raises(Refusal, match="was dismissed"):
        await world.store.write(
            lambda work: questions.approve(work, world.event, numbers[0], "mai")
        )
    await world.store.write(lambda work: questions.reopen(work, world.event, numbers[0], "lan"))
    assert len(await world.store.read(lambda work: questions.groups(work, world.event))) == 2
    log = await world.store.read(lambda work: work.audit.of_event(world.event.id))
    assert {"questions.dismiss", "questions.reopen"} <= {one.verb for one in log}
    assert [one for one in log if "xe máy" in str(one.details)] == []


async def test_what_breaks_the_rules_of_content_is_refused(world: World) -> None:
    number = await world.asks(await world.somebody("s0"), FOUR[0])
    bad = questions.Draft("Gửi xe", "Gửi xe cho {bạn}.", "hotel")
    for draft, why in (
        (bad, "bạn"),
        (questions.Draft("Gửi xe", "Ở sân sau.", "no-such"), "no-such"),
        (questions.Draft("Gửi xe", "Ở sân sau.", "hotel", audience="language:vi"), "audience"),
    ):
        with pytest.raises(Refusal, match=why):
            await world.store.write(
                lambda work, draft=draft: questions.answer_with_draft(  # type: ignore[misc]
                    work, world.event, [number], draft, "lan"
                )
            )
    with pytest.raises(Refusal, match="no answer"):
        await world.store.write(
            lambda work: questions.answer_with(work, world.event, [number], "nope", "lan")
        )
    with pytest.raises(Refusal, match="waits"):
        await world.store.read(lambda work: questions.numbered(work, world.event, [number + 99]))


async def test_proposals_become_examples_once_accepted(world: World) -> None:
    who, _ = await world.somebody("s0")

    def propose(work: Work) -> list[int]:
        person = work.people.get(who, world.event.id)
        assert person is not None
        for text in ("chìa khóa ở mô", "chìa khóa ở mô", "phòng mở cửa chưa"):
            questions.propose(work, world.event.id, person, text, "vi", "nhan-phong")
        assert not questions.propose(work, world.event.id, person, "Lan s0 đâu", "vi", "nhan-phong")
        return [one.id for one in work.proposals.waiting(world.event.id)]

    first, second = await world.store.write(propose)
    taken_in = await world.store.write(
        lambda work: questions.accept(work, world.event, [first], "mai")
    )
    assert taken_in == 1
    await world.store.write(lambda work: questions.refuse(work, world.event, [second], "mai"))
    await world.refresh()
    examples = (await library(world)).answers["nhan-phong"].by_language["vi"].questions
    assert examples[-1] == "chìa khóa ở mô"
    await world.store.write(propose)  # what was settled is not proposed again
    assert await world.store.read(lambda work: work.proposals.waiting(world.event.id)) == []
    with pytest.raises(Refusal, match="No proposal"):
        await world.store.write(lambda work: questions.refuse(work, world.event, [first], "mai"))


async def test_words_go_with_the_event(world: World) -> None:
    await four(world)
    await world.store.write(lambda work: work.retention.forget_people(world.event.id))
    assert [await world.count(one) for one in ("question", "question_sent")] == [0, 0]
